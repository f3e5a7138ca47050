; Definitions of Python. The capture's name says the kind; @name is the defined name.
(function_definition name: (identifier) @name) @function
(class_definition name: (identifier) @name) @class
(module (expression_statement (assignment left: (identifier) @name) @variable))
