/** `performance` (High Resolution Time; User Timing): on the machine's virtual time, which has a step of 1 ms. */

import { now, startedMs } from "helios:core";
import { structuredClone } from "helios:web/clone";
import { DOMException } from "helios:web/dom-exception";
import { EventTarget } from "helios:web/events";
import { INTERNAL, need, onlyInternal, webInterface } from "helios:web/idl";

/** Most entries that are kept; the oldest go. */
const MAX_ENTRIES = 10_000;

/** Something that took place at a time. */
export class PerformanceEntry {
	readonly #name: string;
	readonly #type: string;
	readonly #start: number;
	readonly #duration: number;

	/** @internal */
	constructor(token?: unknown, name = "", type = "", start = 0, duration = 0) {
		onlyInternal(token);
		this.#name = name;
		this.#type = type;
		this.#start = start;
		this.#duration = duration;
	}

	get name(): string {
		return this.#name;
	}
	get entryType(): string {
		return this.#type;
	}
	get startTime(): number {
		return this.#start;
	}
	get duration(): number {
		return this.#duration;
	}
	toJSON(): object {
		return { name: this.#name, entryType: this.#type, startTime: this.#start, duration: this.#duration };
	}
}
webInterface(PerformanceEntry, "PerformanceEntry");

/** How to mark. */
export interface PerformanceMarkOptions {
	detail?: unknown;
	startTime?: number;
}

/** A point in time. */
export class PerformanceMark extends PerformanceEntry {
	readonly #detail: unknown;

	constructor(name: string, options: PerformanceMarkOptions = {}) {
		need(arguments.length, 1, "PerformanceMark");
		const start = options.startTime === undefined ? now() - startedMs() : Number(options.startTime);
		if (!(start >= 0)) throw new TypeError("PerformanceMark: the start time is negative");
		super(INTERNAL, `${name}`, "mark", start, 0);
		this.#detail = options.detail === undefined ? null : structuredClone(options.detail);
	}

	get detail(): unknown {
		return this.#detail;
	}
	override toJSON(): object {
		return { ...super.toJSON(), detail: this.#detail };
	}
}
webInterface(PerformanceMark, "PerformanceMark", 1);

/** A stretch of time. */
export class PerformanceMeasure extends PerformanceEntry {
	readonly #detail: unknown;

	/** @internal */
	constructor(token?: unknown, name = "", start = 0, duration = 0, detail: unknown = null) {
		super(token, name, "measure", start, duration);
		this.#detail = detail;
	}

	get detail(): unknown {
		return this.#detail;
	}
	override toJSON(): object {
		return { ...super.toJSON(), detail: this.#detail };
	}
}
webInterface(PerformanceMeasure, "PerformanceMeasure");

/** How to measure. */
export interface PerformanceMeasureOptions {
	detail?: unknown;
	start?: string | number;
	end?: string | number;
	duration?: number;
}

function byStart(a: PerformanceEntry, b: PerformanceEntry): number {
	return a.startTime - b.startTime;
}

/** The process's clock and its marks. */
export class Performance extends EventTarget {
	#entries: PerformanceEntry[] = [];

	/** @internal */
	constructor(token?: unknown) {
		onlyInternal(token);
		super();
	}

	get timeOrigin(): number {
		void this.#entries;
		return startedMs();
	}
	/** Milliseconds since the process started. */
	now(): number {
		void this.#entries;
		return now() - startedMs();
	}
	mark(name: string, options?: PerformanceMarkOptions): PerformanceMark {
		need(arguments.length, 1, "mark");
		const mark = new PerformanceMark(name, options);
		this.#add(mark);
		return mark;
	}
	measure(name: string, startOrOptions?: string | PerformanceMeasureOptions, endMark?: string): PerformanceMeasure {
		need(arguments.length, 1, "measure");
		const options: PerformanceMeasureOptions =
			typeof startOrOptions === "object" && startOrOptions !== null
				? startOrOptions
				: startOrOptions === undefined
					? {}
					: { start: `${startOrOptions}` };
		const given = Object.values(options).some((value) => value !== undefined);
		if (typeof startOrOptions === "object" && given) this.#check(options, endMark);
		const end = this.#end(options, endMark);
		const start = this.#start(options);
		const detail = options.detail === undefined ? null : structuredClone(options.detail);
		const measure = new PerformanceMeasure(INTERNAL, `${name}`, start, end - start, detail);
		this.#add(measure);
		return measure;
	}
	#check(options: PerformanceMeasureOptions, endMark: string | undefined): void {
		const { start, end, duration } = options;
		if (endMark !== undefined) throw new TypeError("measure: an end mark beside options");
		if (start === undefined && end === undefined) throw new TypeError("measure: neither start nor end");
		if (start !== undefined && end !== undefined && duration !== undefined) {
			throw new TypeError("measure: start, end and duration together");
		}
	}
	#end(options: PerformanceMeasureOptions, endMark: string | undefined): number {
		if (endMark !== undefined) return this.#time(endMark);
		if (options.end !== undefined) return this.#time(options.end);
		if (options.start !== undefined && options.duration !== undefined) {
			return this.#time(options.start) + options.duration;
		}
		return this.now();
	}
	#start(options: PerformanceMeasureOptions): number {
		if (options.start !== undefined) return this.#time(options.start);
		if (options.duration !== undefined && options.end !== undefined) return this.#time(options.end) - options.duration;
		return 0;
	}
	#time(mark: string | number): number {
		if (typeof mark === "number") {
			if (!(mark >= 0)) throw new TypeError("measure: the time is negative");
			return mark;
		}
		const found = this.#entries.findLast((entry) => entry.entryType === "mark" && entry.name === mark);
		if (found === undefined) throw new DOMException(`There is no mark "${mark}"`, "SyntaxError");
		return found.startTime;
	}
	#add(entry: PerformanceEntry): void {
		this.#entries.push(entry);
		if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
	}
	#clear(type: string, name: string | undefined): void {
		this.#entries = this.#entries.filter(
			(entry) => entry.entryType !== type || (name !== undefined && entry.name !== `${name}`),
		);
	}
	clearMarks(name?: string): void {
		this.#clear("mark", name);
	}
	clearMeasures(name?: string): void {
		this.#clear("measure", name);
	}
	getEntries(): PerformanceEntry[] {
		return this.#entries.toSorted(byStart);
	}
	getEntriesByType(type: string): PerformanceEntry[] {
		need(arguments.length, 1, "getEntriesByType");
		return this.getEntries().filter((entry) => entry.entryType === `${type}`);
	}
	getEntriesByName(name: string, type?: string): PerformanceEntry[] {
		need(arguments.length, 1, "getEntriesByName");
		return this.getEntries().filter(
			(entry) => entry.name === `${name}` && (type === undefined || entry.entryType === `${type}`),
		);
	}
	toJSON(): object {
		return { timeOrigin: this.timeOrigin };
	}
}
webInterface(Performance, "Performance");

/** The process's own. */
export const performance: Performance = new Performance(INTERNAL);
