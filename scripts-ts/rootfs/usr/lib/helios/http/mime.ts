/** Media types of files by the extensions of their names. */

const TYPES: Readonly<Record<string, string>> = {
	"text/html; charset=utf-8": "html htm",
	"text/plain; charset=utf-8": "txt text log conf ini md sh c h rs py diff patch",
	"text/css; charset=utf-8": "css",
	"text/csv; charset=utf-8": "csv",
	"text/javascript; charset=utf-8": "js mjs",
	"text/typescript; charset=utf-8": "ts",
	"application/json": "json map",
	"application/xml": "xml",
	"application/pdf": "pdf",
	"application/gzip": "gz tgz",
	"application/zip": "zip",
	"application/x-tar": "tar",
	"application/wasm": "wasm",
	"image/png": "png",
	"image/jpeg": "jpg jpeg",
	"image/gif": "gif",
	"image/webp": "webp",
	"image/svg+xml": "svg",
	"image/x-icon": "ico",
	"image/bmp": "bmp",
	"audio/mpeg": "mp3",
	"audio/ogg": "ogg oga",
	"audio/wav": "wav",
	"video/mp4": "mp4",
	"video/webm": "webm",
	"font/woff": "woff",
	"font/woff2": "woff2",
	"font/ttf": "ttf",
};

let byExtension: Map<string, string> | undefined;

function extensions(): Map<string, string> {
	if (byExtension !== undefined) return byExtension;
	byExtension = new Map();
	for (const type in TYPES)
		for (const extension of (TYPES[type] as string).split(" ")) byExtension.set(extension, type);
	return byExtension;
}

/** The media type of a file's name: `application/octet-stream` where its extension says nothing. */
export function mimeTypeOfName(name: string): string {
	const dot = name.lastIndexOf(".");
	const known = dot < 0 ? undefined : extensions().get(name.slice(dot + 1).toLowerCase());
	return known ?? (dot <= name.lastIndexOf("/") ? "text/plain; charset=utf-8" : "application/octet-stream");
}
