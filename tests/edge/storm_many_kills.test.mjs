import { storm } from "./storm.mjs";

storm({ checks: 500, kills: 20 });
