# Completion of fleet for fish. Enable it with:  fleet completion fish | source

function __fleet_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string match --invert --regex '^\w+=' -- $words)[1]
    set program (string replace --regex '^~/' "$HOME/" -- $program)
    set -l lines ($program complete -- $words "$current" 2>/dev/null)
    if test "$lines" = :files
        set -l path (string replace --regex '^--[a-z-]+=' '' -- "$current")
        set -l flag (string sub --length (math (string length -- "$current") - (string length -- "$path")) -- "$current")
        for each in (complete -C "'' $path")
            echo $flag$each
        end
        return
    end
    printf '%s\n' $lines
end

complete -c fleet -f -k -a '(__fleet_complete)'
