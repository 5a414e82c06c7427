let a = 1; let a = 2;
break;
const c = 1; c = 2;
