/**
 * `helios:errors`: what a failed syscall throws, and the names, numbers and texts of POSIX errors.
 */

import type { Errno, ErrnoNumbers, ErrnoTexts } from "helios-abi";

export type { Errno } from "helios-abi";

/** Number and text of every error. The types make it fail to compile when it leaves the ABI. */
const TABLE: { readonly [Name in Errno]: readonly [ErrnoNumbers[Name], ErrnoTexts[Name]] } = {
	EPERM: [1, "Operation not permitted"],
	ENOENT: [2, "No such file or directory"],
	ESRCH: [3, "No such process"],
	EINTR: [4, "Interrupted system call"],
	EIO: [5, "Input/output error"],
	ENXIO: [6, "No such device or address"],
	E2BIG: [7, "Argument list too long"],
	ENOEXEC: [8, "Exec format error"],
	EBADF: [9, "Bad file descriptor"],
	ECHILD: [10, "No child processes"],
	EAGAIN: [11, "Resource temporarily unavailable"],
	ENOMEM: [12, "Cannot allocate memory"],
	EACCES: [13, "Permission denied"],
	EFAULT: [14, "Bad address"],
	EBUSY: [16, "Device or resource busy"],
	EEXIST: [17, "File exists"],
	EXDEV: [18, "Invalid cross-device link"],
	ENODEV: [19, "No such device"],
	ENOTDIR: [20, "Not a directory"],
	EISDIR: [21, "Is a directory"],
	EINVAL: [22, "Invalid argument"],
	ENFILE: [23, "Too many open files in system"],
	EMFILE: [24, "Too many open files"],
	ENOTTY: [25, "Inappropriate ioctl for device"],
	ETXTBSY: [26, "Text file busy"],
	EFBIG: [27, "File too large"],
	ENOSPC: [28, "No space left on device"],
	ESPIPE: [29, "Illegal seek"],
	EROFS: [30, "Read-only file system"],
	EMLINK: [31, "Too many links"],
	EPIPE: [32, "Broken pipe"],
	ERANGE: [34, "Numerical result out of range"],
	ENAMETOOLONG: [36, "File name too long"],
	ENOSYS: [38, "Function not implemented"],
	ENOTEMPTY: [39, "Directory not empty"],
	ELOOP: [40, "Too many levels of symbolic links"],
	EPROTO: [71, "Protocol error"],
	EOVERFLOW: [75, "Value too large for defined data type"],
	ENOTSOCK: [88, "Socket operation on non-socket"],
	EDESTADDRREQ: [89, "Destination address required"],
	EMSGSIZE: [90, "Message too long"],
	ENOPROTOOPT: [92, "Protocol not available"],
	EPROTONOSUPPORT: [93, "Protocol not supported"],
	EOPNOTSUPP: [95, "Operation not supported"],
	EAFNOSUPPORT: [97, "Address family not supported by protocol"],
	EADDRINUSE: [98, "Address already in use"],
	EADDRNOTAVAIL: [99, "Cannot assign requested address"],
	ENETDOWN: [100, "Network is down"],
	ENETUNREACH: [101, "Network is unreachable"],
	ECONNABORTED: [103, "Software caused connection abort"],
	ECONNRESET: [104, "Connection reset by peer"],
	ENOBUFS: [105, "No buffer space available"],
	EISCONN: [106, "Transport endpoint is already connected"],
	ENOTCONN: [107, "Transport endpoint is not connected"],
	ETIMEDOUT: [110, "Connection timed out"],
	ECONNREFUSED: [111, "Connection refused"],
	EHOSTUNREACH: [113, "No route to host"],
	EDQUOT: [122, "Disk quota exceeded"],
	ECANCELED: [125, "Operation canceled"],
};

/** The text of an error's name, as C's `strerror` gives it for its number. */
export function strerror(code: string): string {
	return Object.hasOwn(TABLE, code) ? TABLE[code as Errno][1] : "Unknown error";
}

/** The number of an error's name, or 0 for a name that there is not. */
export function errnoNumber(code: string): number {
	return Object.hasOwn(TABLE, code) ? TABLE[code as Errno][0] : 0;
}

/** A syscall's failure. */
export class SystemError extends Error {
	/** The POSIX name, as `"ENOENT"`. */
	readonly code: Errno;
	/** Its number on Linux. */
	readonly errno: number;
	/** The syscall that failed. */
	readonly syscall: string;

	constructor(code: Errno, message = "", syscall = "", options?: ErrorOptions) {
		super(message === "" ? strerror(code) : message, options);
		this.code = code;
		this.errno = errnoNumber(code);
		this.syscall = syscall;
	}
}
Object.defineProperty(SystemError.prototype, "name", { value: "SystemError", writable: true, configurable: true });

/** Whether `error` is a syscall's failure, and with one of `codes` where any are named. */
export function isSystemError(error: unknown, ...codes: Errno[]): error is SystemError {
	return error instanceof SystemError && (codes.length === 0 || codes.includes(error.code));
}
