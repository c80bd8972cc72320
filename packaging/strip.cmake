# Run by CPack between gathering files and packing them: takes out of programs what no machine reads. CPack's own stripping leaves notes.
find_program(STRIP strip REQUIRED)
file(GLOB programs ${CPACK_TEMPORARY_DIRECTORY}/bin/* ${CPACK_TEMPORARY_DIRECTORY}/*/usr/bin/*)
if(NOT programs)
    message(FATAL_ERROR "no program was found below ${CPACK_TEMPORARY_DIRECTORY}")
endif()
execute_process(COMMAND ${STRIP} --strip-unneeded --remove-section=.comment --remove-section=.note ${programs} COMMAND_ERROR_IS_FATAL ANY)
