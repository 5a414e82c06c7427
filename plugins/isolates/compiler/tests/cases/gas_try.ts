try { a(); } catch { b(); }
try { a(); } catch (e) { b(e); } finally { c(); }
