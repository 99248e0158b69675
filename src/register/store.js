// A register's SQLite as the wasm uses it: JSON text each way, so that a statement crosses the boundary once.

// The runtime knows a prepared statement again by its text as the same string, and not as an equal one.
const texts = new Map();
function same(text) {
  if (!texts.has(text)) texts.set(text, text);
  return texts.get(text);
}

// Sets the alarm. The platform saves it with the turn's writes; where it cannot, it resets the object.
export function arm(storage, at) {
  storage.setAlarm(at).catch((error) => console.log(JSON.stringify({ level: "error", event: "internal_error", place: "register_alarm", error: String(error) })));
}

// The rows of a query, as a JSON list.
export const rows = (storage, query, values) => JSON.stringify(storage.sql.exec(same(query), ...JSON.parse(values)).toArray());

// Runs statements in one transaction: `[{ query, values, must_change }]`; a value `{ apart: 1 }` stands for `apart[1]`. It is undone if one fails, if one that must change a row changes none, or if the wasm traps in
// `after`, which is called after each statement. Answers the fault. A trap goes on to the entry: the bindings would catch it like any error of the platform's, and go on
// in an instance that is gone.
export function transaction(storage, statements, apart, after) {
  let isInside = false;
  try {
    storage.transactionSync(() => {
      for (const { query, values, must_change } of JSON.parse(statements)) {
        const { rowsWritten } = storage.sql.exec(same(query), ...values.map((value) => (value?.apart === undefined ? value : apart[value.apart])));
        if (must_change && rowsWritten === 0) throw new Error("the stored state is not the one that was advanced");
        isInside = true;
        after(rowsWritten);
        isInside = false;
      }
    });
    return undefined;
  } catch (error) {
    if (isInside) throw error;
    return String(error);
  }
}
