#!/bin/bash
# temperature.sh fahrenheit CELSIUS | feeling CELSIUS
set -euo pipefail

fahrenheit() {
    echo $(($1 * 9 / 5 + 32))
}

feeling() {
    if [ "$1" -lt 10 ]; then
        echo cold
    elif [ "$1" -lt 25 ]; then
        echo mild
    else
        echo hot
    fi
}

"$@"
