const c = () => {
  using x = null;
  x = 1;
};
