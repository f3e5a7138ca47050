; Definitions of Ruby.
(module name: [(constant) @name (scope_resolution) @name]) @module
(class name: [(constant) @name (scope_resolution) @name]) @class
(method name: (_) @name) @method
(singleton_method name: (_) @name) @method
(alias name: (_) @name) @method
(assignment left: (constant) @name) @constant
