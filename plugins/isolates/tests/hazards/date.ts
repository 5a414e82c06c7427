// Clocks: `Date` shows simulated time, in UTC, whichever way it is reached.
import { stdout } from "helios:process";

const say = (...values: unknown[]) => stdout.write(`${values.map(String).join(" ")}\n`);
const Real = Date.prototype.constructor as DateConstructor;
await say(Real === Date, Object.getPrototypeOf(new Date()) === Date.prototype, Date.length, Date.name);
await say(Date.now(), new Date().getTime(), new Real().getTime(), Date().slice(0, 24));
await say(new Date(), "|", new Date(2020, 1, 30, 25, 61), "|", new Date(NaN));
await say(new Date("2020-06-01T00:00").toISOString(), new Date("2020-06-01 10:00").toISOString());
await say(new Date("Jun 1 2020 10:00 GMT+0200").toISOString(), Date.parse("nonsense"), Date.parse("1".repeat(300)));
const d = new Date(0);
d.setHours(5, 4, 3, 2);
d.setMonth(6);
await say(d.toISOString(), d.getHours(), d.getUTCHours(), d.getDay(), d.getTimezoneOffset(), d.toLocaleString());
await say(d.toLocaleDateString("de-DE", { timeZone: "Asia/Tokyo", month: "long" }), d.toTimeString(), d.toJSON());
class Later extends Date {}
await say(new Later(5) instanceof Later, new Later(5).getTime(), Reflect.construct(Date, [7], Later) instanceof Later);
await say(new Date(new Date(8)).getTime(), new Date("5").getTime() === Date.parse("5"), `${new Date(0)}` === new Date(0).toString());
