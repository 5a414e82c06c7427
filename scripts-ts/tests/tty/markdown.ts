/** Markdown as manual pages use it. */

import { renderMarkdown } from "/usr/lib/tui/markdown.ts";
import { BOLD, UNDERLINE } from "/usr/lib/tui/style.ts";

const TEXT = `# NAME(1)

## SECTION

A *first* paragraph of **several** words that goes on for longer than one line of \`forty\` columns does.
It goes on.

**-a**, **--all**: Short text.

**-x**: Text.

**NAME**: What it is for, at some length, so that it is wrapped.

- one item
- another item that is long enough to be wrapped once
  1. within it

| Key | Does |
|---|---|
| a | a thing |
| long key | another thing, at length enough to wrap |

### Deeper

\`\`\`
code   as it is
	tab
\`\`\`

A [link](http://x) and <https://y.z> and \\*no emphasis\\* and 2 * 3 * 4. \u0007
`;
for (const row of renderMarkdown(TEXT, { columns: 44, indent: 7 })) {
	const line = row.map(([text, style]) =>
		(style & BOLD) !== 0 ? `<b>${text}</b>` : (style & UNDERLINE) !== 0 ? `<u>${text}</u>` : text,
	);
	console.log(line.join("").trimEnd());
}
