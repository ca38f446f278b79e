# Every warning is an error; CONVENTIONS names the set.
include(CheckCCompilerFlag)

add_library(chancery_flags INTERFACE)
target_compile_definitions(chancery_flags INTERFACE _GNU_SOURCE)
target_include_directories(chancery_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(chancery_flags INTERFACE
  -Werror -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wcast-align
  -Wwrite-strings -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wredundant-decls -Wundef -Wvla -Wformat=2 -Wswitch-enum -Wimplicit-fallthrough
  -Wnull-dereference -Wdouble-promotion -Wfloat-equal -Wunused-macros
  $<$<C_COMPILER_ID:GNU>:-Wformat-signedness -Wduplicated-cond -Wduplicated-branches -Wlogical-op
  -Wjump-misses-init -Walloc-zero -Wformat-truncation=2 -Warith-conversion>
  $<$<C_COMPILER_ID:Clang>:-Wcomma -Wassign-enum -Wconditional-uninitialized
  -Wunreachable-code-aggressive>)

if(CHANCERY_SANITIZE)
  target_compile_options(chancery_flags INTERFACE
    -fsanitize=${CHANCERY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g)
  target_link_options(chancery_flags INTERFACE -fsanitize=${CHANCERY_SANITIZE})
endif()

if(CHANCERY_FUZZ)
  # the depth of the stack depends on how the kernel aligned it, and inputs would be chosen by it
  target_compile_options(chancery_flags INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize-coverage=stack-depth)
endif()

if(CHANCERY_COVERAGE)
  target_compile_options(chancery_flags INTERFACE --coverage -fprofile-update=atomic -O0 -g)
  target_link_options(chancery_flags INTERFACE --coverage)
endif()

if(CHANCERY_HARDEN)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
          -ftrivial-auto-var-init=zero)
    string(MAKE_C_IDENTIFIER "have${flag}" have)
    check_c_compiler_flag(${flag} ${have})
    if(${have})
      target_compile_options(chancery_flags INTERFACE ${flag})
    endif()
  endforeach()
  # gcc 12 reports arena memory as possibly null once -O2 inlines; the dev build keeps the warning.
  target_compile_options(chancery_flags INTERFACE
    -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fPIE -Wno-null-dereference)
  target_link_options(chancery_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
