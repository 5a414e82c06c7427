/** Cloning of blobs, without loading their module where there are none. */

/** Answers a copy of a blob, or `undefined` for anything else. */
type CloneBlob = (value: object) => object | undefined;

let clone: CloneBlob | undefined;

/** Tells how blobs are cloned; their module does it when it is loaded. */
export function setBlobClone(function_: CloneBlob): void {
	clone = function_;
}

/** A copy of a blob, or `undefined` for anything else. */
export function blobClone(value: object): object | undefined {
	return clone?.(value);
}
