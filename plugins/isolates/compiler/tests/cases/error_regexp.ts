const n = /(/;
