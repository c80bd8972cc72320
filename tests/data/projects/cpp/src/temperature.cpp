#include "temperature.h"

double toFahrenheit(double celsius)
{
    return celsius * 9 / 5 + 32;
}

std::string feeling(double celsius)
{
    if (celsius < 10)
        return "cold";
    return celsius < 25 ? "mild" : "hot";
}
