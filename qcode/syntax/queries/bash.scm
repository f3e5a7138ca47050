; Definitions of shell scripts.
(function_definition name: (word) @name) @function
(program (declaration_command (variable_assignment name: (variable_name) @name)) @variable)
(program (variable_assignment name: (variable_name) @name) @variable)
(command name: (command_name (word) @_a) argument: (concatenation (word) @name) (#says? @_a "^alias$")) @function
