import assert from "node:assert";
import test from "node:test";
import { feeling, toFahrenheit } from "../src/temperature.js";

test("water boils at 212", () => {
  assert.strictEqual(toFahrenheit(100), 212);
});

test("names the feeling", () => {
  assert.strictEqual(feeling(3), "cold");
  assert.strictEqual(feeling(20), "mild");
  assert.strictEqual(feeling(30), "hot");
});
