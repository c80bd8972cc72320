#include "temperature.h"

#include <iostream>

int main(int count, char** words)
{
    const std::string name = count > 1 ? words[1] : "";
    const bool fits = name == "boils" ? toFahrenheit(100) == 212 : feeling(3) == "cold" && feeling(20) == "mild" && feeling(30) == "hot";
    if (!fits)
        std::cerr << "tests/temperature_test.cpp:8: " << name << " does not fit\n";
    return fits ? 0 : 1;
}
