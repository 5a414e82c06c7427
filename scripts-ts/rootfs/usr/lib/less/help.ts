/** What `h` shows. */
export const HELP = `
                 SUMMARY OF COMMANDS

  N in front of a command is a number, typed before it.

  q  Q  ZZ            Quit.
  h  H                Show this help.

                 MOVING

  SPACE  f  ^F  ^V    Forward one screen, or N lines.
  b  ^B  M-v          Backward one screen, or N lines.
  d  ^D   u  ^U       Forward, backward half a screen; N sets how far.
  j  e  ENTER  Down   Forward one line, or N.
  k  y  ^P  Up        Backward one line, or N.
  g  <  Home          To the first line, or line N.
  G  >  End           To the last line, or line N.
  p  %                To N per cent of the file.
  Left  Right         Half a screen to the side; long lines are cut.
  F                   To the end, and wait for what is added (^C ends that).
  m LETTER            Mark this place.
  ' LETTER            Back to that place; '' to where the last jump began.

                 SEARCHING

  /PATTERN            Search forward, for the N-th line that fits.
  ?PATTERN            Search backward.
  n   N               The same search again; in the other direction.
  &PATTERN            Show only lines that fit; nothing: show all.
  M-u                 Mark what was found, or not.
      A pattern that begins with ! means lines that do not fit;
      ^R in front of it takes its characters as they are.

                 FILES

  :e                  Open another file.
  :n   :p   :x        The next, the previous, the first file.
  :d                  Leave this file out.
  =  ^G  :f           Tell where this is.
  v                   Open the file in an editor ($VISUAL, $EDITOR, nano).
  R                   Read the file again.

                 SETTINGS

  -N line numbers     -S cut long lines    -R colours
  -i  -I case         -s squeeze           -e end at the end
  r  ^L               Draw the screen again.
  ^Z                  Stop; fg goes on.
`;
