export function toFahrenheit(celsius) {
  return (celsius * 9) / 5 + 32;
}

export function feeling(celsius) {
  if (celsius < 10) {
    return "cold";
  }
  return celsius < 25 ? "mild" : "hot";
}
