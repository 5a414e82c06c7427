/** What `^G` shows. */
export const HELP = `The two lines at the bottom show the keys used most: ^ is the Control key, M- is
Alt, or Escape typed before. Messages come in the line above them.

 ^G   F1      This help                     ^X   F2      Leave this buffer
 ^O   F3      Write the buffer to disk      ^S           Save without asking
 ^R           Put a file in here            M-<  M->     Other open buffers

 ^W   F6      Search forwards               ^Q           Search backwards
 M-W          The next place that fits      M-Q          The one before
 ^\\   M-R     Replace                       ^_   M-G     Go to a line
    While it asks: M-C case, M-R regular expressions, M-B the direction

 ^K   F9      Cut the line, or the region   ^U   F10     Paste what was cut
 M-6          Copy it                       M-T          Cut to the end
 M-A  ^^      Begin or end a region         M-U  M-E     Undo, redo
 Tab          A tab; indents a region       S-Tab  M-{   Unindent
 M-}          Indent                        M-3          Comment, uncomment
 ^J           Fill the paragraph, or region M-J          Fill all paragraphs
 ^D  Delete   Delete forwards               ^H  Backspace
 M-Backspace  Delete the word before        M-V          The next key as it is

 ^A  ^E       Start, end of the line        ^Y  ^V       A page up, down
 ^B  ^F       A character left, right       ^P  ^N       A line up, down
 ^Left ^Right A word left, right            M-\\  M-/     The first, the last line
 M-]          The bracket that matches      ^C           Where the cursor is
 M-D          Count lines, words, characters

 M-N          Line numbers                  M-I          Auto indent
 M-C          Always say where the cursor is  M-Y        Colours
 M-S          Long lines go on below        M-X          These two lines
 ^L           Draw the screen again         ^Z           Stop; fg goes on
`;
