# Packages: `ninja packages` makes two of Debian, one each program, and an archive that runs wherever it is unpacked.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON) # tests are not packed, so they need not be built

install(TARGETS agent-pipeline RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT cli)
install(TARGETS agent-pipeline-gui RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT gui)

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_COMPONENTS_ALL cli gui)
set(CPACK_PACKAGE_NAME agent-pipeline)
set(CPACK_PACKAGE_VENDOR "Agent Pipeline maintainers")
set(CPACK_PACKAGE_CONTACT "Agent Pipeline maintainers <maintainers@agent-pipeline.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_PACKAGE_FILE_NAME agent-pipeline-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/strip.cmake)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS # whatever the umask
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

# What is loaded at run time is seen by no linker: the database driver, the drawing of SVGs.
set(CPACK_DEBIAN_CLI_PACKAGE_NAME agent-pipeline-cli)
set(CPACK_DEBIAN_CLI_PACKAGE_DEPENDS "libqt6sql6-sqlite")
set(CPACK_DEBIAN_CLI_PACKAGE_RECOMMENDS "bubblewrap, ca-certificates, docker.io")
set(CPACK_DEBIAN_CLI_PACKAGE_SUGGESTS "agent-pipeline-gui, debootstrap, gnome-keyring | kwalletmanager")
set(CPACK_COMPONENT_CLI_DESCRIPTION "AI agents turn requirements into a verified project
Five agents design, write, test, deploy and monitor what the requirements
ask for, each in a closed Docker sandbox on this machine. The program itself
runs the tests, builds the image, starts it, probes it and checks the rules:
what a model says of its own work decides nothing.

This package has the headless program, for terminals, scripts and servers.")

set(CPACK_DEBIAN_GUI_PACKAGE_NAME agent-pipeline-gui)
set(CPACK_DEBIAN_GUI_PACKAGE_DEPENDS "libqt6sql6-sqlite, libqt6svg6")
set(CPACK_DEBIAN_GUI_PACKAGE_RECOMMENDS
    "bubblewrap, ca-certificates, docker.io, gnome-keyring | kwalletmanager, qt6-gtk-platformtheme, qt6-translations-l10n, qt6-wayland")
set(CPACK_DEBIAN_GUI_PACKAGE_SUGGESTS "agent-pipeline-cli, debootstrap")
set(CPACK_COMPONENT_GUI_DESCRIPTION "AI agents turn requirements into a verified project - window
Five agents design, write, test, deploy and monitor what the requirements
ask for, each in a closed Docker sandbox on this machine. The program itself
runs the tests, builds the image, starts it, probes it and checks the rules:
what a model says of its own work decides nothing.

This package has the window, in which every turn, tool call and cent of a
run is in sight. Its demo needs no key, no network and no Docker.")

include(CPack)

get_property(packedFiles DIRECTORY packaging/linux PROPERTY BUILDSYSTEM_TARGETS)
add_custom_target(packages
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${CPACK_PACKAGE_DIRECTORY}
    COMMAND ${CMAKE_CPACK_COMMAND} --config ${CMAKE_BINARY_DIR}/CPackConfig.cmake
    DEPENDS agent-pipeline agent-pipeline-gui ${packedFiles}
    USES_TERMINAL VERBATIM)
