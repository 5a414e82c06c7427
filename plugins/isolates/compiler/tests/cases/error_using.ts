switch (1) {
  case 1:
    using a = null;
    break;
  default:
    await using b = null;
}
