// The pure parts of the network's tools: addresses, ports, ICMP, Telnet, and how numbers are shown.

import { isIPv4 } from "helios:net";
import { parseHosts } from "helios:net/names";
import { five, writeOut } from "/usr/lib/net/http/curl.ts";
import { fileNameOf, targetOf } from "/usr/lib/net/http/url.ts";
import { speed, took } from "/usr/lib/net/http/wget.ts";
import { checksum, echoRequest, errorText, parseIcmp } from "/usr/lib/net/icmp.ts";
import { rate, row, transfer } from "/usr/lib/net/iperf/report.ts";
import { parseMac } from "/usr/lib/net/macs.ts";
import { withCrlf } from "/usr/lib/net/nc/relay.ts";
import {
	addressesOf,
	broadcastOf,
	contains,
	numbersIn,
	parseNetwork,
	portRanges,
	prefixOf,
} from "/usr/lib/net/ports.ts";
import { Services } from "/usr/lib/net/services.ts";
import { Telnet } from "/usr/lib/net/telnet.ts";

console.log("# addresses");
for (const text of ["1.2.3.4", "0.0.0.0", "255.255.255.255", "256.1.1.1", "1.2.3", "1.2.3.4.", "01.2.3.4", "a", ""])
	console.log(text, isIPv4(text));
for (const text of ["10.0.0.0/24", "10.0.0.1", "10.0.0.1/33", "300.0.0.0/8", "x/8"])
	console.log(text, JSON.stringify(parseNetwork(text)));
console.log(
	broadcastOf({ address: "10.1.2.3", prefix: 22 }),
	contains({ address: "10.1.2.0", prefix: 23 }, "10.1.3.255"),
	contains({ address: "10.1.2.0", prefix: 23 }, "10.1.4.0"),
);
for (const text of ["255.255.255.0", "255.255.252.0", "0.0.0.0", "255.0.255.0"]) console.log(text, prefixOf(text));
for (const text of ["10.0.0.0/30", "10.0.0.1-3", "10.0.0-1.7,9", "10.0.0.300", "10.0.0.3-1", "10.0.0.0/8", "name"])
	console.log(text, addressesOf(text)?.join(" "));
console.log(addressesOf("10.0.*.*")?.length);
for (const text of ["2:0:0:0:0:A", "02-00-00-00-00-0a", "02:00:00:00:00", "x"]) console.log(text, parseMac(text));
console.log(JSON.stringify(parseHosts("# c\n127.0.0.1 localhost me # x\n\n::1 six\n10.0.0.1\n10.0.0.2\tdesk\n")));

console.log("# ports");
for (const text of ["22", "20-23,80", "-3", "65534-", "0", "5-1", "70000", "", "a", "1,,2"]) {
	const ranges = portRanges(text);
	console.log(JSON.stringify(text), ranges === undefined ? "none" : numbersIn(ranges).join(" "));
}
const services = new Services("# x\nhttp 80/tcp www\nhttp\t80/udp\ndomain 53/udp # dns\nbad\nalt 80/tcp\n");
console.log(
	services.name(80, "tcp"),
	services.port("www", "tcp"),
	services.port("www", "udp"),
	services.name(53, "udp"),
	services.port("alt", "tcp"),
	services.name(1, "tcp"),
);

console.log("# ICMP");
console.log(checksum(new Uint8Array([0x45, 0, 0, 0x1c])), checksum(new Uint8Array([1])), checksum(new Uint8Array(0)));
const request = echoRequest(258, new Uint8Array([1, 2, 3]));
console.log(request.join(" "), checksum(request), JSON.stringify(parseIcmp(request)?.sequence));
const quoted = new Uint8Array([
	3, 3, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x12, 0x34, 0, 53, 0, 8,
	0, 0,
]);
const message = parseIcmp(quoted);
console.log(
	message?.quoted?.destination,
	message?.quoted?.protocol,
	message?.quoted?.payload.join(" "),
	errorText({ type: 3, code: 3 }),
	errorText({ type: 11, code: 0 }),
	errorText({ type: 3, code: 99 }),
);
console.log(parseIcmp(new Uint8Array(7)), parseIcmp(quoted.subarray(0, 20))?.quoted);

console.log("# Telnet");
const telnet = new Telnet({ terminal: "XTERM", rows: 24, columns: 255 });
const feed = (...bytes: number[]): void => {
	const { data, answer } = telnet.receive(Uint8Array.from(bytes));
	console.log(`[${data.join(" ")}]`, `[${answer.join(" ")}]`, telnet.remoteEcho);
};
feed(104, 105);
feed(255, 251, 1, 255);
feed(253, 31, 65);
feed(255, 253, 24, 255, 250, 24, 1);
feed(255, 240, 255, 255, 13, 0, 13, 10);
feed(255, 253, 99, 255, 251, 99, 255, 252, 1, 255, 241);
console.log(
	telnet.send(new Uint8Array([97, 10, 13, 255])).join(" "),
	withCrlf(new Uint8Array([10, 97, 13, 10, 10])).join(" "),
);

console.log("# URLs");
for (const text of ["host", "host:81/a?b#c", "http://u:p%40@h/x%20y", "ftp://x", "http://[", "HTTP://A.b/"]) {
	try {
		const { hostname, port, target, host, userInfo, url } = targetOf(text);
		console.log(text, hostname, port, target, host, userInfo, JSON.stringify(fileNameOf(url)));
	} catch (error) {
		console.log(text, (error as Error).message);
	}
}

console.log("# numbers");
for (const bytes of [0, 999, 99_999, 100_000, 1_048_576, 12_345_678, 9_999_999_999])
	console.log(five(bytes), speed(bytes, 1000), transfer(bytes), rate(bytes, 1000));
for (const ms of [0, 4, 123, 1500, 9999, 61_000, 3_700_000]) console.log(took(ms));
console.log(row({ id: 5, fromMs: 0, toMs: 1000, bytes: 11_744_051, retransmits: 3, window: 217_088 }).trimEnd());
console.log(row({ id: 5, fromMs: 0, toMs: 10_000, bytes: 117_440_512, retransmits: 0, role: "sender" }).trimEnd());
console.log(row({ id: undefined, fromMs: 0, toMs: 10_040, bytes: 117_440_512, role: "receiver" }).trimEnd());
console.log(
	row({
		id: 7,
		fromMs: 9000,
		toMs: 10_000,
		bytes: 131_000,
		datagrams: { jitterMs: 0.25, lost: 1, total: 91 },
	}).trimEnd(),
);
const base = {
	startMs: 0,
	firstMs: 10,
	endMs: 2000,
	received: 5000,
	total: 5000,
	sent: 7,
	redirects: 1,
	url: "http://h/",
	file: "f",
	answer: undefined,
};
console.log(writeOut("%{size_download} %{speed_download} %{time_total} %{http_code} %{none} %%\\t|", base));
