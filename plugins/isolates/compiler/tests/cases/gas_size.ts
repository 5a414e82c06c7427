function small() { a(); }
function large() { a(1, 2, 3); a(1, 2, 3); a(1, 2, 3); a(1, 2, 3); a(1, 2, 3); a(1, 2, 3); a({ b: [1, 2] }); }
