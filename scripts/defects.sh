#!/bin/bash
# Plants each defect of tests/defects.txt in turn and demands that its scenario fails and says why. Needs build-defects/.
set -eu
cd "$(dirname "$0")/.."
v2x=build-defects/bin/v2x
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

unseen=0
while read -r defect scenario words; do
  case $defect in '' | '#'*) continue ;; esac
  code=0
  said=$(V2X_DEFECT=$defect "$v2x" run "$scenario" --results "$results" 2>&1) || code=$?
  if [ "$code" = 1 ] && grep -qF -- "$words" <<<"$said"; then
    echo "seen    $defect: $(head -1 <<<"$said")"
  else
    echo "UNSEEN  $defect: $scenario ended with exit code $code, expected 1 and '$words':"
    echo "$said"
    unseen=$((unseen + 1))
  fi
done <tests/defects.txt
exit $((unseen > 0))
