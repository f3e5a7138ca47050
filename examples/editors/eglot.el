;;; qcode with eglot.  Eglot talks to one server for each mode; this makes it qcode for Python.
;;; M-x eglot-code-actions offers what the server can do at point, M-x qcode-refactor asks for a sentence.

(require 'eglot)

(add-to-list 'eglot-server-programs '(python-mode . ("qcode" "lsp")))

(defun qcode-refactor (request)
  "Have qcode carry out REQUEST, such as \"rename old to new\", with its tests."
  (interactive "sWhat should change? ")
  (let ((server (eglot-current-server)))
    (unless server
      (user-error "Start eglot first"))
    (message "qcode: %s"
             (plist-get
              (jsonrpc-request server :workspace/executeCommand
                               (list :command "qcode.refactor"
                                     :arguments (vector (list :request request
                                                              :uri (plist-get (eglot--TextDocumentIdentifier) :uri))))
                               :timeout 600)
              :message))))

(provide 'qcode-eglot)
