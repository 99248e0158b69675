// A whole check in JavaScript, with an object for each.
import { gateway, KEEP_MS, SharedCheck } from "./check.js";

export class Check extends SharedCheck {
  // Nothing else needs the alarm: from now on it says when the answer is to be forgotten.
  async rest() {
    await this.storage.setAlarm(Date.now() + KEEP_MS);
  }
}

export default gateway((name) => name);
