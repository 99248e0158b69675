// The core as it runs natively (crates/core/examples/verdicts.rs): asked in lines, it answers in lines. It ends with its standard input,
// so it never outlives the test.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { VERDICTS } from "../../tools/project.mjs";

/** A text as it crosses into the core, here and in the browser: a lone surrogate is U+FFFD. */
export const crossed = (value) => (typeof value === "string" ? value.toWellFormed() : (value ?? null));

/**
 * Starts it. `ask(questions)` answers the text of each answer, in order; a question is the name of a function and its arguments.
 * `tell(...question)` answers one, read.
 */
export function startNative() {
  const child = spawn(VERDICTS, [], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // Where it has died, the reader says so: its line is missing.
  child.stdin.on("error", () => {});
  async function ask(questions) {
    child.stdin.write(questions.map((question) => `${JSON.stringify(question)}\n`).join(""));
    const answers = [];
    while (answers.length < questions.length) {
      const { value, done } = await lines.next();
      assert.ok(!done, `the native half ended at ${JSON.stringify(questions[answers.length])}`);
      answers.push(value);
    }
    return answers;
  }
  return { ask, tell: async (...question) => JSON.parse((await ask([question]))[0]), stop: () => child.stdin.end() };
}
