#pragma once

#include <string>

double toFahrenheit(double celsius);
std::string feeling(double celsius);
