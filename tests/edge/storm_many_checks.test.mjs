import { storm } from "./storm.mjs";

storm({ checks: 2000, kills: 5 });
