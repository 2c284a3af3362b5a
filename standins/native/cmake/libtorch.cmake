# Makes the target `libtorch`.
#
# find_package(Torch) serves Debian's libtorch-dev and every CPU build. A CUDA build's own CMake files insist on an
# installed CUDA toolkit, which the shim does not need: with Torch_DIR set to such a build and no toolkit at hand,
# its headers and libraries are taken as they lie.

add_library(libtorch INTERFACE)

set(torch_root "")
if(Torch_DIR)
  get_filename_component(torch_root "${Torch_DIR}/../../.." ABSOLUTE)
endif()

find_program(CUDA_COMPILER nvcc HINTS ENV CUDA_HOME PATH_SUFFIXES bin)
if(torch_root AND NOT CUDA_COMPILER AND EXISTS "${torch_root}/lib/libtorch_cuda.so")
  message(STATUS "libtorch with CUDA, without a CUDA toolkit: ${torch_root}")
  target_include_directories(libtorch SYSTEM INTERFACE
    "${torch_root}/include" "${torch_root}/include/torch/csrc/api/include")
  file(STRINGS "${Torch_DIR}/TorchConfig.cmake" abi REGEX "_GLIBCXX_USE_CXX11_ABI=0")
  if(abi)
    target_compile_definitions(libtorch INTERFACE _GLIBCXX_USE_CXX11_ABI=0)
  endif()
  target_link_directories(libtorch INTERFACE "${torch_root}/lib")
  target_link_options(libtorch INTERFACE "-Wl,--no-as-needed")
  target_link_libraries(libtorch INTERFACE torch torch_cuda torch_cpu c10_cuda c10)
  list(APPEND CMAKE_BUILD_RPATH "${torch_root}/lib")
else()
  find_package(Torch REQUIRED)
  message(STATUS "libtorch ${Torch_VERSION}: ${TORCH_LIBRARIES}")
  separate_arguments(torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
  target_compile_options(libtorch INTERFACE ${torch_flags})
  target_link_libraries(libtorch INTERFACE ${TORCH_LIBRARIES})
endif()
