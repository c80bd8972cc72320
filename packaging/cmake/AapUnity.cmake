# aap_compile_by_folder(TARGET…): with AAP_UNITY, the sources of one folder are compiled as one, which takes a quarter of the
# time. What a folder's files keep to themselves (anonymous namespaces) therefore needs names that are unique in that folder.
option(AAP_UNITY "Compile each folder's sources as one: quick for the whole, slow after a change of one" OFF)

function(aap_compile_by_folder)
    if(NOT AAP_UNITY)
        return()
    endif()
    foreach(target IN LISTS ARGN)
        get_target_property(sources ${target} SOURCES)
        get_target_property(folder ${target} SOURCE_DIR)
        foreach(source IN LISTS sources)
            cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder})
            cmake_path(GET source PARENT_PATH group)
            cmake_path(RELATIVE_PATH group BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
            string(MAKE_C_IDENTIFIER "${group}" group)
            set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${group})
        endforeach()
        target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>) # each is one file's own business
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
    endforeach()
endfunction()
