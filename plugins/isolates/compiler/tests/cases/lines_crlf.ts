#!/bin/ts
const a = "hé";
throw a; // 😀
