/** Users and groups for commands that show names: see `/usr/lib/users/accounts.ts`, where everything about them is. */

export { type Group, groups, names, type User, users } from "/usr/lib/users/accounts.ts";
