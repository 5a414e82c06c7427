{
  using a = null;
  let inner = 1;
  enum E { A = inner }
}
export enum Kept { A }
