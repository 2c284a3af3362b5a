#!/usr/bin/env bash
# One command does all the set-up: see ./build.sh help.
set -euo pipefail
called_from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"

library=src/Microsoft.ML.SharpnessAware
reports=src/Microsoft.ML.SharpnessAware.Reports
tool=src/Microsoft.ML.SharpnessAware.Tool
library_tests=test/Microsoft.ML.SharpnessAware.Tests
reports_tests=test/Microsoft.ML.SharpnessAware.Reports.Tests
tool_tests=test/Microsoft.ML.SharpnessAware.Tool.Tests
consumer_tests=test/PackageConsumer.Tests

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
# Threads that wait for each other sleep instead of spinning, but not at once: waking up takes longer than most waits.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}" GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-20000}"

source eng/say.sh
source eng/demo.sh
source eng/bench.sh
source eng/mpi.sh
source eng/site.sh

usage() {
    cat <<'TEXT'
usage: ./build.sh COMMAND

  demo [OPTIONS]   train on Fashion-MNIST, save the model, predict with it in a second program
                     --rule sam|asam|friendlysam|plain   --rho NUMBER   --epochs N
                     --folder DIR   your own images instead: one folder per class
  demo-text        train on SpamAssassin's mails, save the model, predict with it in a second program
  test [FILTER]    build everything, run all tests (or those that match a dotnet test filter)
  bench [--quick]  what training and scoring cost beside a plain TorchSharp loop, PyTorch and ONNX Runtime: some 20 minutes, or 4
  build            build everything
  pack             make the NuGet packages in artifacts/packages
  docs             build the web site of the guides and the API reference in artifacts/site, and check its links
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
    dotnet pack $reports --configuration Release --no-build --verbosity minimal
    dotnet pack $tool --configuration Release --verbosity minimal
}

# The tests of reports look at them in a browser; without one, they are skipped and say so.
get_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        ! command -v "$name" >/dev/null || return 0
    done
    if ((EUID == 0)) && command -v apt-get >/dev/null; then
        say "Getting Chromium"
        apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null && return 0
    fi
    complain "There is no Chromium, and this cannot install it: tests in a browser will be skipped. On Debian: apt-get install chromium"
}

run_tests() {
    local status=0 project
    get_browser
    get_mpi
    dotnet build $consumer_tests --configuration Release --verbosity minimal

    rm -rf artifacts/test-results
    for project in $library_tests $reports_tests $tool_tests $consumer_tests; do
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
    bench) require_dotnet; build bench/Speed/Speed.csproj; bench "$@" ;;
    build) require_dotnet; build ;;
    pack) require_dotnet; build; pack ;;
    docs) require_dotnet; build samples/PhotoQuickstart; build_site ;;
    format) require_dotnet; dotnet format MlNetSam.sln ;;
    help | --help | -h) usage ;;
    *) usage >&2; complain "There is no command '$command'."; exit 2 ;;
esac
