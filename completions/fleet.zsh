# Completion of fleet for zsh. Enable it, after compinit, with:  source <(fleet completion zsh)

_fleet() {
  local -a lines whole begun
  local line value entry ret=1 program=${words[1]/#\~\//$HOME/}
  lines=("${(@f)$("$program" complete -- "${(@)words[1,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  if [[ $lines[1] == :files ]]; then
    [[ $PREFIX == --*=* ]] && compset -P '*='
    _files
    return
  fi
  for line in $lines; do
    value=${line%%$'\t'*}
    entry="${value//:/\\:}:${line#*$'\t'}"
    # After a slash the path goes on, so no space follows.
    if [[ $value == */ ]]; then begun+=("$entry"); else whole+=("$entry"); fi
  done
  (( $#whole )) && _describe -V 'fleet' whole && ret=0
  (( $#begun )) && _describe -V 'fleet' begun -S '' && ret=0
  return ret
}

compdef _fleet fleet
