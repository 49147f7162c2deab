# Completion of fleet for bash. Enable it with:  source <(fleet completion bash)

_fleet() {
  local -a words=()
  local word previous='' value breaks kept='' program=${COMP_WORDS[0]/#\~\//$HOME/}
  # bash splits words at = and : as well, which belong to flags and addresses.
  for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    if ((${#words[@]} > 1)) && [[ $word =~ ^[=:]+$ || $previous =~ ^[=:]+$ ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    previous=$word
  done
  # What stands before the last split stays on the line as it is.
  breaks=${COMP_WORDBREAKS//[^=:]/}
  word=${words[${#words[@]} - 1]}
  [[ $breaks ]] && kept=${word%"${word##*[$breaks]}"}
  COMPREPLY=()
  # bash before 4 has no compopt and does without.
  compopt -o nosort 2>/dev/null
  while IFS=$'\t' read -r value _; do
    if [[ $value == :files ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    [[ $value == */ ]] && compopt -o nospace 2>/dev/null
    COMPREPLY+=("${value#"$kept"}")
  done < <("$program" complete -- "${words[@]}" 2>/dev/null)
}

complete -F _fleet fleet
