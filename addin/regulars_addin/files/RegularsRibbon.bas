Option Explicit

' Every button of the tab Regulars calls this one procedure. Its id is what Python gets, so a new button needs no new macro.
Public Sub RegularsButton(control As IRibbonControl)
    Dim obstacle As String
    obstacle = RegularsObstacle()
    If obstacle <> "" Then
        MsgBox obstacle, vbExclamation, "Regulars"
        Exit Sub
    End If
    On Error GoTo NotStarted
    RunPython "import regulars_addin; regulars_addin.ribbon('" & control.ID & "')"
    Exit Sub
NotStarted:
    MsgBox "Excel could not start Python: " & Err.Description & ". Some companies forbid Excel to start other programs." & _
        " Start Regulars from the Start menu (Windows) or the Applications folder (macOS) instead: it does the same.", _
        vbExclamation, "Regulars"
End Sub

' What xlwings would stumble over, in words that say what to do; empty where nothing stands in the way.
Private Function RegularsObstacle() As String
    Dim book As Object, one As Object, place As Integer
    Set book = ActiveWorkbook
    If book Is Nothing Then
        RegularsObstacle = "No workbook is open for editing. Open the workbook with the orders" & _
            " (in Protected View, click Enable Editing), then click again."
        Exit Function
    End If
    For Each one In book.Worksheets
        If Right(one.Name, 3) = ".py" Then
            RegularsObstacle = "The sheet '" & one.Name & "' has a name that ends in .py, which stops Python." & _
                " Rename the sheet, then click again."
            Exit Function
        End If
        ' Settings in a workbook would say which program to start. Those of a stranger's workbook must not.
        If LCase(one.Name) = "regulars.conf" Then
            RegularsObstacle = "The sheet 'regulars.conf' of this workbook could make Excel start another program." & _
                " Delete or rename the sheet, then click again."
            Exit Function
        End If
    Next
    ' On macOS the path goes through a shell, which reads these characters as orders of its own.
    If Application.PathSeparator = "/" Then
        For place = 1 To 5
            If InStr(book.FullName, Mid("|$`\" & Chr(34), place, 1)) > 0 Then
                RegularsObstacle = "The name of this workbook or of its folder holds one of the characters | $ ` \ " & Chr(34) & _
                    ". Save the workbook under another name, then click again."
                Exit Function
            End If
        Next
    End If
End Function
