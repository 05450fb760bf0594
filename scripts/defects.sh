#!/bin/bash
# Plants each defect of tests/defects.txt in turn and demands that its scenario fails and says why; a gateway's defect must
# fail exactly its case of `v2x conform gateway`, and no other one. Needs build-defects/.
set -eu
cd "$(dirname "$0")/.."
v2x=build-defects/bin/v2x
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# What a run said: the one verdict that is not passed must be this scenario's and have these words.
judge() {
  local defect=$1 scenario=$2 words=$3 code=$4 said=$5
  if [ "$code" = 1 ] && [ "$(grep -cE '^(failed|error) ' <<<"$said")" = 1 ] &&
    grep -E '^failed ' <<<"$said" | grep -qF -- "$words" && grep -qE "^failed +$scenario" <<<"$said"; then
    echo "seen    $defect: $(grep -E '^failed ' <<<"$said")"
  else
    echo "UNSEEN  $defect: $scenario ended with exit code $code, expected 1 and '$words':"
    echo "$said"
    touch "$results/unseen"
  fi
}

plant() {
  local defect=$1 scenario=$2 words=$3 code=0 said
  if [[ $scenario = conform/* ]]; then
    said=$(V2X_DEFECT=$defect "$v2x" conform gateway --run-own --results "$results/$defect" 2>&1) || code=$?
  else
    said=$(V2X_DEFECT=$defect "$v2x" run "$scenario" --results "$results/$defect" 2>&1) || code=$?
    scenario=${scenario#scenarios/} scenario=${scenario%.yaml}
  fi
  judge "$defect" "$scenario" "$words" "$code" "$said"
}

while read -r defect scenario words; do
  case $defect in '' | '#'*) continue ;; esac
  # A conformance run waits most of its time, so they go side by side.
  if [[ $scenario = conform/* ]]; then plant "$defect" "$scenario" "$words" & else plant "$defect" "$scenario" "$words"; fi
done <tests/defects.txt
wait
[ ! -e "$results/unseen" ]
