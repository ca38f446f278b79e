# chancery_library(NAME [SOURCES ...] [LINK ...]): one folder, one static library, private links.
# Without SOURCES every .c file of the folder belongs to it.
function(chancery_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS *.c)
  endif()
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE chancery_flags ${arg_LINK})
endfunction()

# chancery_program(NAME SOURCES ... LINK ...): an installed program.
function(chancery_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE chancery_flags ${arg_LINK})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# chancery_unit_test(FOLDER LINK ...): tests/unit/FOLDER/*.c as one CUnit program.
function(chancery_unit_test folder)
  cmake_parse_arguments(arg "THREADS" "" "LINK" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/*.c)
  add_executable(unit_${name} ${sources} ${CMAKE_SOURCE_DIR}/tests/unit/main.c)
  target_link_libraries(unit_${name} PRIVATE chancery_flags ${arg_LINK} PkgConfig::cunit)
  target_compile_definitions(unit_${name} PRIVATE
    TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data" SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
  add_test(NAME unit/${folder} COMMAND unit_${name})
  set_tests_properties(unit/${folder} PROPERTIES SKIP_RETURN_CODE 77 ENVIRONMENT
    "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1;UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=halt_on_error=1")
  if(arg_THREADS)
    set_tests_properties(unit/${folder} PROPERTIES LABELS threads)
  endif()
endfunction()
