#!/usr/bin/env bash
# One command does all the set-up: see ./build.sh help.
set -euo pipefail
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"

library=src/Microsoft.ML.SharpnessAware
tool=src/Microsoft.ML.SharpnessAware.Tool
library_tests=test/Microsoft.ML.SharpnessAware.Tests
tool_tests=test/Microsoft.ML.SharpnessAware.Tool.Tests
consumer_tests=test/PackageConsumer.Tests

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
# Threads that wait for each other sleep instead of spinning, but not at once: waking up takes longer than most waits.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}" GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-1000}"

source eng/say.sh
source eng/demo.sh

usage() {
    cat <<'TEXT'
usage: ./build.sh COMMAND

  demo [OPTIONS]   train on Fashion-MNIST, save the model, predict with it in a second program
                     --rule sam|asam|friendlysam|plain   --rho NUMBER   --epochs N
                     --folder DIR   your own images instead: one folder per class
  demo-text        train on SpamAssassin's mails, save the model, predict with it in a second program
  test [FILTER]    build everything, run all tests (or those that match a dotnet test filter)
  build            build everything
  pack             make the NuGet packages of the library and of the tool in artifacts/packages
  format           lay out the source as .editorconfig says
  help             this text

environment
  Cuda=true   libtorch for NVIDIA GPUs instead of the one for the CPU
TEXT
}

require_dotnet() {
    local version
    command -v dotnet >/dev/null || fail "The .NET SDK is missing. Install .NET SDK 10 (https://dotnet.microsoft.com/download), then run this again."
    version=$(dotnet --version)
    ((${version%%.*} >= 10)) || fail "This needs .NET SDK 10 or later, but 'dotnet' is $version."
}

build() {
    say "Building"
    dotnet build "${1:-MlNetSam.sln}" --configuration Release --verbosity minimal
}

pack() {
    say "Packing"
    rm -f artifacts/packages/Microsoft.ML.SharpnessAware.*nupkg artifacts/packages/mlnet-sam.*nupkg
    dotnet pack $library --configuration Release --no-build --verbosity minimal
    dotnet pack $tool --configuration Release --verbosity minimal
}

run_tests() {
    local status=0 project
    dotnet build $consumer_tests --configuration Release --verbosity minimal

    rm -rf artifacts/test-results
    for project in $library_tests $tool_tests $consumer_tests; do
        say "Testing ${project#test/}"
        dotnet test $project --configuration Release --no-build \
            --results-directory artifacts/test-results --logger "trx;LogFileName=${project#test/}.trx" --logger "console;verbosity=normal" \
            --blame-hang-timeout 20m --blame-hang-dump-type none ${1:+--filter "$1"} || status=$?
    done
    dotnet run eng/TestReport.cs artifacts/test-results || status=$?
    return $status
}

command=${1:-help}
shift || true
case $command in
    demo) require_dotnet; build samples/Samples.slnf; demo "$@" ;;
    demo-text) require_dotnet; build samples/Samples.slnf; demo_text "$@" ;;
    test) require_dotnet; build; pack; run_tests "$@" ;;
    build) require_dotnet; build ;;
    pack) require_dotnet; build; pack ;;
    format) require_dotnet; dotnet format MlNetSam.sln ;;
    help | --help | -h) usage ;;
    *) usage >&2; complain "There is no command '$command'."; exit 2 ;;
esac
