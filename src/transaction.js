// A transaction of an object's storage. It is undone if `work` tells a fault, which is then the answer, or if the wasm traps in it. A trap goes on to the entry: the
// bindings would catch it like any error of the platform's, and go on in an instance that is gone.
export function transaction(storage, work) {
  let fault;
  let isInside = false;
  try {
    storage.transactionSync(() => {
      isInside = true;
      fault = work();
      isInside = false;
      if (fault !== undefined) throw new Error(fault);
    });
    return undefined;
  } catch (error) {
    if (isInside) throw error;
    return fault ?? String(error);
  }
}
