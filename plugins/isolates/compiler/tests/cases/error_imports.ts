import a from "./a";
import b from "lodash";
export * from "../b/c";
import("./d"); import "helios:internal"; import "";
import type { T } from "./types";
