const a = (x: number) => x;
const b = async () => ({ x: 1 });
const c = () => { return 1; };
const d = (x) => (y) => [x, y];
