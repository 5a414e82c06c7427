// The meter cannot be named.
// @ts-expect-error: there is no such name.
$g = 1e15;
