const a = /a\/b[/]"\n'/giu, b = /(?<year>\d{4})/v.exec(s), c = x.split(/,/);
