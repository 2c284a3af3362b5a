#!/usr/bin/env bash
# The table of bench/Speed on a machine with an NVIDIA GPU and .NET SDK 10: steps of all networks, also of those that keep a GPU busy, in float32, TF32 and
# bfloat16. Some 10 minutes. The table is written to the file that is given, or to bench/results.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
device=${DEVICE:-cuda}
output=${1:-bench/results/$(date +%Y-%m-%d)-gpu.md}
[[ $device == cpu ]] || export Cuda=true
dotnet build bench/Speed --configuration Release --verbosity minimal
artifacts/bin/Speed/release/Speed --device "$device" --figures Peers Rules Switches --rounds "${ROUNDS:-10}" --output "$output"
