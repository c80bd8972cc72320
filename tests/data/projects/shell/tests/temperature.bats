#!/usr/bin/env bats

@test "water boils at 212" {
    run bin/temperature.sh fahrenheit 100
    [ "$output" = 212 ]
}

@test "names the feeling" {
    run bin/temperature.sh feeling 3
    [ "$output" = cold ]
    run bin/temperature.sh feeling 20
    [ "$output" = mild ]
    run bin/temperature.sh feeling 30
    [ "$output" = hot ]
}
